#!/bin/sh
# Removes Workdiary from the folder that contains this script.
# Options: --keep-data or --delete-data answer the question about the local diary.
set -eu

answer=
case ${1:-} in
    --keep-data) answer=keep ;;
    --delete-data) answer=delete ;;
    "") ;;
    *) echo "usage: uninstall.sh [--keep-data | --delete-data]" >&2; exit 2 ;;
esac

target=$(cd "$(dirname "$0")" && pwd)
prefix=${target%/lib/workdiary}
[ "$prefix" != "$target" ] || { echo "uninstall: this is not an installed copy" >&2; exit 1; }

# Another status is that of a program that cannot start: it does not block its removal.
"$target/current/workdiary" quit || [ $? -ne 1 ] ||
    { echo "uninstall: Workdiary is still running; quit it first" >&2; exit 1; }

if [ -z "$answer" ]; then
    echo "The diary on this computer: records that are not uploaded, and the receipts that prove"
    echo "your hours. What was uploaded remains at the marketplace."
    printf 'Delete the diary on this computer too? [y/N] '
    read -r reply || reply=
    case $reply in y | Y | yes) answer=delete ;; *) answer=keep ;; esac
fi
if [ $answer = delete ]; then
    rm -rf "${XDG_STATE_HOME:-$HOME/.local/state}/workdiary"
fi

rm -f "$prefix/bin/workdiary" "$prefix/share/applications/workdiary.desktop" \
    "$prefix/share/icons/hicolor/scalable/apps/workdiary.svg" \
    "${XDG_CONFIG_HOME:-$HOME/.config}/autostart/workdiary.desktop"
rm -rf "$target"
