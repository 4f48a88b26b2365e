#!/bin/sh
exec tree /data
