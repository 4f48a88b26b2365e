#!/stub/busybox sh
# Stands for every command of a RUN: writes down all that the command could look at, and does nothing else.
# Its arguments are the shell that SHELL names and the text, or the words of the exec form.
box=/stub/busybox
records=/stub/records
name=$($box printf '%s\000' "$@" | $box md5sum)
name=${name%% *}
n=1
while [ -e $records/$name.$n ]; do n=$((n + 1)); done
hidden='-path /stub -o -path /proc -o -path /sys -o -path /dev -o -path /etc/resolv.conf -o -path /etc/hosts -o -path /etc/hostname'
{
    echo '## arguments'
    $box printf '%s\000' "$@" | $box xxd -p
    # What the builder gave it: the shell that reads this script has added its own by now.
    echo '## environment'
    $box tr '\n\000' '\001\n' </proc/$$/environ | $box sort
    echo '## user'
    $box id -u
    $box id -G
    echo '## folder'
    $box pwd
    echo '## earlier'
    $box ls $records
    echo '## files'
    $box find / \( $hidden \) -prune -o -print0 2>/dev/null | $box xargs -0 $box stat -c '%N %A %u:%g' 2>/dev/null | $box sort
    $box find / \( $hidden \) -prune -o -type f -print0 2>/dev/null | $box xargs -0 $box md5sum 2>/dev/null | $box sort
} >$records/$name.$n || exit 1
exit 0
