# Functions for the maintainer scripts. The build copies this file into each of them.

program=/usr/lib/workdiary/workdiary
marker=/run/workdiary/upgrading

# Prints the process ids of the programs in the tray. Their helpers end with them. The files are
# compared, not the paths: a container of this machine may have a program at the same path.
# shellcheck disable=SC3013  # dash and bash know -ef
running_programs() {
    for folder in /proc/[0-9]*; do
        [ "$folder/exe" -ef "$program" ] || continue
        parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$folder/status" 2>/dev/null) || continue
        [ ! "/proc/$parent/exe" -ef "$program" ] || continue
        echo "${folder#/proc/}"
    done
}

# Sends a signal to all running programs and waits at most a minute until they have ended. A program
# seals its recording within seconds; if it must be killed, its journal keeps the recorded time.
end_programs() {
    running=$(running_programs)
    [ -n "$running" ] || return 0
    # shellcheck disable=SC2086  # a list of process ids
    kill -s "$1" $running 2>/dev/null || true
    waited=0
    while [ -n "$(running_programs)" ]; do
        if [ "$waited" -ge 60 ]; then
            # shellcheck disable=SC2046
            kill -s KILL $(running_programs) 2>/dev/null || true
            break
        fi
        sleep 1
        waited=$((waited + 1))
    done
}

# Ends the running programs. They start again when `finish_upgrade` has removed the marker.
begin_upgrade() {
    mkdir -p "${marker%/*}"
    : >"$marker"
    end_programs USR1
}

finish_upgrade() {
    rm -f "$marker"
    rmdir "${marker%/*}" 2>/dev/null || true
}
