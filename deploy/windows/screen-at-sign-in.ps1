# Opens one full-screen page when this Windows user signs in: a kiosk or a hall board.
# As the user of the screen (no administrator needed):
#
#   powershell -ExecutionPolicy Bypass -File C:\mot-cua\deploy\windows\screen-at-sign-in.ps1 http://192.168.1.10:8000/kiosk
#   powershell -ExecutionPolicy Bypass -File C:\mot-cua\deploy\windows\screen-at-sign-in.ps1 http://192.168.1.10:8000/board
#
# -Remove takes it away again. Alt+F4 closes the page.
# Could not be tried by its authors, who had no Windows at hand.
param(
    [string]$Url,
    [switch]$Remove
)
$ErrorActionPreference = "Stop"
$shortcut = Join-Path ([Environment]::GetFolderPath("Startup")) "mot-cua screen.lnk"
if ($Remove) { Remove-Item $shortcut; Write-Host "Removed."; exit 0 }
if ($Url -notmatch "^https?://[^/ ]+/(kiosk|board)") { throw "Say the address of the page, such as http://192.168.1.10:8000/kiosk" }

$places = @(
    "${env:ProgramFiles(x86)}\Microsoft\Edge\Application\msedge.exe",
    "$env:ProgramFiles\Microsoft\Edge\Application\msedge.exe",
    "$env:ProgramFiles\Google\Chrome\Application\chrome.exe",
    "${env:ProgramFiles(x86)}\Google\Chrome\Application\chrome.exe"
)
$browser = $places | Where-Object { Test-Path $_ } | Select-Object -First 1
if (-not $browser) { throw "Neither Edge nor Chrome was found." }

# A profile of its own keeps the pairing of this screen, whatever else the browser is used for.
$place = "$env:LOCALAPPDATA\mot-cua-screen"
$link = (New-Object -ComObject WScript.Shell).CreateShortcut($shortcut)
$link.TargetPath = $browser
$link.Arguments = "--kiosk $Url --edge-kiosk-type=fullscreen --user-data-dir=`"$place`" --no-first-run " +
    "--no-default-browser-check --autoplay-policy=no-user-gesture-required --disable-pinch " +
    "--overscroll-history-navigation=0 --disable-features=Translate"
$link.Description = "Full-screen page of the one-stop office"
$link.Save()
Write-Host "At the next sign-in $browser opens $Url full-screen."
