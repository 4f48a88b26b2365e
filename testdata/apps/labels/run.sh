#!/bin/sh
echo labels
