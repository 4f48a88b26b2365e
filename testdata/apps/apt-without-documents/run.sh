#!/bin/sh
exec tree /etc/dpkg
