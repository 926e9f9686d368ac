for folder do
    echo =
    for mark in "$folder"/*; do
        [ ! -f "$mark" ] || { IFS= read -r line <"$mark" && printf '%s\n' "$line"; }
    done
done
:
