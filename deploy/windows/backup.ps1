# Writes one dated backup into -Folder and takes away those older than -KeepDays; beside a running server too.
# Could not be tried by its authors, who had no Windows at hand.
param(
    [string]$Config = "$env:ProgramData\mot-cua\config",
    [string]$Data = "$env:ProgramData\mot-cua\data",
    [string]$Folder = "$env:ProgramData\mot-cua\backups",
    [int]$KeepDays = 30
)
$ErrorActionPreference = "Stop"
$root = (Resolve-Path "$PSScriptRoot\..\..").Path
$name = Join-Path $Folder ("mot-cua-{0:yyyy-MM-dd-HHmm}.backup" -f (Get-Date))

& "$root\.venv\Scripts\python.exe" "$root\server.py" --config $Config --data $Data backup "$name.part"
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
Move-Item "$name.part" $name
Get-ChildItem $Folder -Filter "mot-cua-*.backup" |
    Where-Object { $_.LastWriteTime -lt (Get-Date).AddDays(-$KeepDays) } | Remove-Item
