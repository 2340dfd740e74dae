#!/bin/bash
# Has the hosts' first operating system in its place before anything asks for it.
exec /usr/local/bin/setup-image-data.sh
