@echo off
rem The two commands, for Windows (10 or 11, 64 bit), where there is no make and no apt.
rem
rem   run.cmd                  set up if needed, then open the demo office at http://127.0.0.1:8000
rem   run.cmd test             lint, format, types, then every test (Edge or Chrome drives the pages)
rem   run.cmd setup            only set up, for running and testing
rem   run.cmd lint, types, bench
rem   run.cmd serve ...        anything else goes to server.py: serve, check, people add ..., backup ...
rem
rem   set HOST=0.0.0.0 and set PORT=8080 before it choose another address for the demo office.
rem   Without a network: set PIP_NO_INDEX=1 and PIP_FIND_LINKS=D:\wheels (docs\installation.md).
rem
rem Could not be tried by its authors, who had no Windows at hand: this whole file. It keeps to plain
rem cmd: ASCII only (the sentences in Vietnamese are files of their own, shown by `type`), every path
rem in quotes, no delayed expansion but in one line. Ctrl-C ends the server first; cmd then asks its own
rem question ("Terminate batch job?"), either answer is fine.
setlocal EnableExtensions DisableDelayedExpansion
cd /d "%~dp0" || exit /b 1

set "codepage="
for /f "tokens=2 delims=:." %%c in ('chcp') do set "codepage=%%c"
chcp 65001 >nul
set "PYTHONUTF8=1"
set "PIP_USER=0"
set "python=%~dp0.venv\Scripts\python.exe"
if not defined HOST set "HOST=127.0.0.1"
if not defined PORT set "PORT=8000"

if "%~1"=="" goto demo
if /i "%~1"=="demo" if "%~2"=="" goto demo
if /i "%~1"=="run" goto demo
if /i "%~1"=="test" goto test
if /i "%~1"=="setup" goto setup
if /i "%~1"=="lint" goto lint
if /i "%~1"=="types" goto types
if /i "%~1"=="bench" goto bench

call :libraries requirements.txt || goto failed
"%python%" server.py %*
goto ended

:demo
call :libraries requirements.txt || goto failed
"%python%" server.py demo --host "%HOST%" --port "%PORT%"
goto ended

:setup
call :libraries requirements-dev.txt
goto ended

:lint
call :libraries requirements-dev.txt || goto failed
"%python%" -m ruff check . || goto failed
"%python%" -m ruff format --check .
goto ended

:types
call :libraries requirements-dev.txt || goto failed
"%python%" -m mypy
goto ended

:bench
call :libraries requirements-dev.txt || goto failed
"%python%" -m benchmarks
goto ended

:test
call :libraries requirements-dev.txt || goto failed
"%python%" -m ruff check . || goto failed
"%python%" -m ruff format --check . || goto failed
"%python%" -m mypy || goto failed
"%python%" tools\browser.py >nul 2>nul || "%python%" -m playwright install chromium || goto failed
"%python%" -m pytest -n 3 --dist loadgroup
goto ended

:failed
set "code=1"
goto close

:ended
set "code=%errorlevel%"

:close
if not "%code%"=="0" type "%~dp0tools\windows\failed.txt"
rem Double-clicked (no argument, and cmd was started for this file): keep the window open to be read.
set "clicked="
setlocal EnableDelayedExpansion
set "line=!cmdcmdline!"
if not "!line:%~nx0=!"=="!line!" (endlocal & set "clicked=1") else endlocal
if not "%code%"=="0" if "%~1"=="" if defined clicked pause
if defined codepage chcp %codepage% >nul
exit /b %code%


rem ---- :libraries LOCK - .venv holds exactly what the lock file names, each library checked by its hash.
rem A copy of the lock file is laid into .venv last of all and says what was installed; .venv\unfinished
rem stands while pip works, so that an interrupted set-up begins again with a fresh .venv.
:libraries
if not exist ".venv\unfinished" if exist "%python%" (
  fc /b "%~1" ".venv\%~1" >nul 2>nul && exit /b 0
)
if exist ".venv\unfinished" rmdir /s /q ".venv"
if exist "%python%" (
  "%python%" -m pip --version >nul 2>nul || rmdir /s /q ".venv"
)
if not exist "%python%" (
  call :make_venv || exit /b 1
)
echo.>".venv\unfinished"
type "%~dp0tools\windows\installing.txt"
"%python%" -m pip install --quiet --no-input --disable-pip-version-check --only-binary :all: --require-hashes -r "%~1"
if errorlevel 1 (
  type "%~dp0tools\windows\no-libraries.txt"
  exit /b 1
)
rem The dev lock holds the same versions as the run lock (a test sees to it), so both are there now.
if /i "%~1"=="requirements-dev.txt" copy /y requirements.txt ".venv\requirements.txt" >nul
copy /y "%~1" ".venv\%~1" >nul || exit /b 1
del ".venv\unfinished"
exit /b 0

:make_venv
set "found="
for %%v in (3.13 3.12 3.11 3.14 3) do if not defined found call :try py -%%v
if not defined found call :try python
if not defined found call :try python3
if not defined found (
  type "%~dp0tools\windows\no-python.txt"
  exit /b 1
)
if exist ".venv" rmdir /s /q ".venv"
%found% -m venv ".venv"
if errorlevel 1 (
  type "%~dp0tools\windows\no-venv.txt"
  exit /b 1
)
exit /b 0

:try
%* -c "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11) or sys.maxsize < 2**32)" >nul 2>nul
if not errorlevel 1 set "found=%*"
exit /b 0
