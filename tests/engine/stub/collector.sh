#!/stub/busybox sh
# Gathers from each stage, mounted below /stages, its records and a listing of all its files.
box=/stub/busybox
$box mkdir /out || exit 1
for stage in /stages/*; do
    number=${stage##*/}
    $box cp -r $stage/stub/records /out/$number || exit 1
    cd $stage || exit 1
    {
        $box find . -path ./stub -prune -o -print0 | $box xargs -0 $box stat -c '%N %A %u:%g' | $box sort
        $box find . -path ./stub -prune -o -type f -print0 | $box xargs -0 $box md5sum | $box sort
    } >/out/$number.files
done
exit 0
