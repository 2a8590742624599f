# Functions of the packages' scripts. The file is part of each script.

program=/usr/lib/workdiary/workdiary
marker=/run/workdiary/upgrading

# Prints the process ids of the programs in the tray. Their helpers end with them.
running_programs() {
    for folder in /proc/[0-9]*; do
        [ "$(readlink "$folder/exe" 2>/dev/null)" = "$program" ] || continue
        parent=$(sed -n 's/^PPid:[[:space:]]*//p' "$folder/status" 2>/dev/null) || continue
        [ "$(readlink "/proc/$parent/exe" 2>/dev/null)" != "$program" ] || continue
        echo "${folder#/proc/}"
    done
}

# Sends a signal to all of them and waits for their end, at most a minute. A program seals what it
# records within seconds; its journal survives if it has to be killed.
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

# Programs that end now start again when `finish_upgrade` has removed the marker.
begin_upgrade() {
    mkdir -p "${marker%/*}"
    : >"$marker"
    end_programs USR1
}

finish_upgrade() {
    rm -f "$marker"
    rmdir "${marker%/*}" 2>/dev/null || true
}
