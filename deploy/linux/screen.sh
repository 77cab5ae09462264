#!/usr/bin/env bash
# One full-screen page, for a kiosk or a board: waits for the server, opens Chromium in kiosk mode, and opens it
# again if it ever closes. Started at log-in by mot-cua-screen.desktop.
#
#   screen.sh http://192.168.1.10:8000/kiosk     a touch kiosk
#   screen.sh http://192.168.1.10:8000/board     a hall board, with sound
set -uo pipefail

url=${1:?the address of the page, such as http://192.168.1.10:8000/kiosk}
profile=${XDG_CONFIG_HOME:-$HOME/.config}/mot-cua-screen # keeps the pairing of this screen

browser=
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && { browser=$name; break; }
done
[ -n "$browser" ] || { echo "screen: no Chromium; type: sudo apt-get install chromium" >&2; exit 1; }

# The screen never sleeps (X11; under Wayland the desktop's own settings say so).
if command -v xset >/dev/null && [ -n "${DISPLAY:-}" ]; then xset s off -dpms s noblank || true; fi

# Chromium asks about a crash after a power cut: nobody is there to answer.
settle() {
    local file=$profile/Default/Preferences
    [ -f "$file" ] && sed -i 's/"exit_type":"[A-Za-z]*"/"exit_type":"Normal"/' "$file"
}

until timeout 3 bash -c ': </dev/tcp/"$0"/"$1"' "$(sed -E 's#^[a-z]+://([^:/]+).*#\1#' <<<"$url")" \
    "$(sed -E 's#^[a-z]+://[^:/]+:?([0-9]*).*#\1#; s#^$#80#' <<<"$url")" 2>/dev/null; do
    sleep 2
done

while true; do
    settle
    "$browser" --kiosk --user-data-dir="$profile" --no-first-run --no-default-browser-check \
        --disable-session-crashed-bubble --hide-crash-restore-bubble --disable-infobars \
        --autoplay-policy=no-user-gesture-required --disable-pinch --overscroll-history-navigation=0 \
        --disable-features=Translate,TranslateUI --password-store=basic --check-for-update-interval=31536000 \
        "$url"
    sleep 2
done
