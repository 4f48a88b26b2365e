mkdir -p -m 750 "$TARGET"
id -u > "$TARGET/user"
