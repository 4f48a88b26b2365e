mkdir -p /data && echo set up > /data/state
