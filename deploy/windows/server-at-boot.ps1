# Starts the office's server with Windows, before anyone signs in, keeps it running and backs it up every evening.
# In a PowerShell opened "as administrator":
#
#   powershell -ExecutionPolicy Bypass -File C:\mot-cua\deploy\windows\server-at-boot.ps1
#
# -Remove takes all of it away again (the office's data stays).
# Could not be tried by its authors, who had no Windows at hand.
param(
    [string]$Config = "$env:ProgramData\mot-cua\config",
    [string]$Data = "$env:ProgramData\mot-cua\data",
    [string]$Backups = "$env:ProgramData\mot-cua\backups",
    [int]$Port = 8000,
    [switch]$Remove
)
$ErrorActionPreference = "Stop"
$root = (Resolve-Path "$PSScriptRoot\..\..").Path
$python = "$root\.venv\Scripts\python.exe"
$server = "mot-cua server"
$backup = "mot-cua backup"

$me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    throw "Open PowerShell with 'Run as administrator' and start this again."
}

foreach ($name in $server, $backup) {
    if (Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue) {
        Stop-ScheduledTask -TaskName $name
        Unregister-ScheduledTask -TaskName $name -Confirm:$false
    }
}
Get-NetFirewallRule -DisplayName $server -ErrorAction SilentlyContinue | Remove-NetFirewallRule
if ($Remove) { Write-Host "Removed. The data in $Data was left alone."; exit 0 }

if (-not (Test-Path $python)) { throw "First set up the libraries: $root\run.cmd setup" }
# The server runs as LOCAL SERVICE, which may not look into anybody's profile.
$base = & $python -c "import sys; print(sys.base_prefix)"
$profiles = Split-Path $env:PUBLIC
foreach ($folder in $base, $root) {
    if ($folder.StartsWith($profiles, [StringComparison]::OrdinalIgnoreCase)) {
        throw "$folder belongs to one user. Install Python 'for all users' and keep the program in C:\mot-cua, then make .venv anew."
    }
}

if (-not (Test-Path $Config)) {
    New-Item -ItemType Directory -Force (Split-Path $Config) | Out-Null
    Copy-Item -Recurse "$root\config" $Config
}
foreach ($folder in $Data, $Backups) {
    New-Item -ItemType Directory -Force $folder | Out-Null
    # Only the service and administrators read what the office knows about people. *S-1-5-19 is LOCAL SERVICE.
    & icacls $folder /inheritance:r /grant "*S-1-5-19:(OI)(CI)M" "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" | Out-Null
}
& icacls $Config /grant "*S-1-5-19:(OI)(CI)RX" | Out-Null

# A wrong configuration is told here, now, and not in a task nobody sees.
& $python "$root\server.py" --config $Config --data $Data check
if ($LASTEXITCODE -eq 2) { throw "The configuration in $Config is wrong, see above. Nothing was registered." }

$who = New-ScheduledTaskPrincipal -UserId "NT AUTHORITY\LOCAL SERVICE" -LogonType ServiceAccount
$run = New-ScheduledTaskAction -Execute $python -WorkingDirectory $root `
    -Argument "server.py --config `"$Config`" --data `"$Data`" serve --host 0.0.0.0 --port $Port"
# At boot; and every minute, which does nothing while it runs and starts it again if it ever stopped.
$when = @(
    (New-ScheduledTaskTrigger -AtStartup),
    (New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 1))
)
$how = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -ExecutionTimeLimit ([TimeSpan]::Zero) `
    -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
Register-ScheduledTask -TaskName $server -Action $run -Trigger $when -Settings $how -Principal $who | Out-Null

$save = New-ScheduledTaskAction -Execute "powershell.exe" -WorkingDirectory $root `
    -Argument "-NoProfile -ExecutionPolicy Bypass -File `"$PSScriptRoot\backup.ps1`" -Config `"$Config`" -Data `"$Data`" -Folder `"$Backups`""
$evening = New-ScheduledTaskTrigger -Daily -At 19:00
$late = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries
Register-ScheduledTask -TaskName $backup -Action $save -Trigger $evening -Settings $late -Principal $who | Out-Null

New-NetFirewallRule -DisplayName $server -Direction Inbound -Protocol TCP -LocalPort $Port `
    -Profile Domain, Private -Action Allow | Out-Null
Start-ScheduledTask -TaskName $server
Write-Host "The office opens at http://$($env:COMPUTERNAME):$Port and does so at every start of Windows."
