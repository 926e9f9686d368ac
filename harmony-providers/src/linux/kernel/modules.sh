    system=$1
    shift
    for name do
        if [ -d "$system/$name" ]; then
            printf '%s loaded\n' "$name"
        elif modprobe -n -q "$name" 2>/dev/null; then
            printf '%s available\n' "$name"
        else
            printf '%s missing\n' "$name"
        fi
    done
