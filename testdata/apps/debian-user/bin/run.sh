#!/bin/sh
. lib/a.sh
