"""Composition root and command line. The only file that sees everything; nobody imports it."""

import gc
import logging
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

import demo.address
import demo.camera
import demo.devices
import demo.dossiers
import demo.office
import demo.printer
import demo.scanner
import display.board.pages
import forms
import kiosk.pages
import printer
import scanner
import staff.forms
import staff.pages
from camera import CameraFault, disk
from camera.evidence import FOLDER as EXPORTS
from camera.evidence import Evidence
from camera.gallery import Gallery
from camera.keeper import Keeper
from camera.nvr_check import line as camera_line
from camera.service import Cameras
from camera.watch import Eyes, alarm_picture
from commands.accounts import keys_group, people_group, screens_group
from commands.checking import Test, runs, told
from commands.dossiers import dossiers_group
from commands.place import FILE, SYSTEM, Place
from commands.records import backup, journal_group, procedures_group, restore
from commands.timetable import clock_line, holidays_group, holidays_line, hours_line
from display.voice import VoiceFault
from display.voice.service import Voice
from forms.press import Press, drawn
from ledger import folder
from ledger.child import Importer, Wanted
from office import journal, people, procedures, troubles
from office.clock import local, system_clock
from office.dossier_import import explained
from office.errors import ConfigurationError, NotFound, OfficeError
from office.form_text import Words
from office.lock import alone
from office.phrases import Phrases
from office.scan_sections import ScannerSettings
from office.settings import Settings
from office.store import Store
from printer import PrinterFault
from printer.spooler import Spooler
from scanner import FaultKind, ScannerFault
from scanner.pictures import Pictures
from scanner.service import Scanners, health
from web.api.dossier_import import INCOMING
from web.app import create_app
from web.arrivals import Arrivals
from web.hall import Footage, Hall, Health
from web.passwords import Argon2
from web.pulse import Pulse
from web.serving import Server, listen
from web.ticker import tick

HERE = Path(__file__).resolve().parent
LOCK = "office.lock"
log = logging.getLogger("mot-cua")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), default=HERE / "config", help="folder of configuration")
@click.option("--data", type=click.Path(path_type=Path), default=HERE / "data", help="folder of the office's file")
@click.pass_context
def main(context: click.Context, config: Path, data: Path) -> None:
    """The counter hall of a one-stop office."""
    context.obj = Place(config, data)


for command in (people_group, keys_group, screens_group, procedures_group, dossiers_group):
    main.add_command(command)
for other in (holidays_group, journal_group, backup, restore):
    main.add_command(other)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.pass_obj
def serve(place: Place, host: str, port: int) -> None:
    """Run the office."""
    settings = place.settings()
    with interruptible(), alone(place.data / LOCK), opened(place, settings, {}, listen(host, port)) as (hall, server):
        click.echo(f"{settings.office.name.vi}: http://{host}:{server.port}/")
        if not people.everyone(hall.store.read()):
            click.echo("Nobody can sign in yet. Add a supervisor: python server.py people add NAME --role supervisor")
        server.run()


@main.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.pass_obj
def demo_office(place: Place, host: str, port: int) -> None:
    """Run a demo office with simulated devices; its data is kept apart from a real office's."""
    place, plain = Place(place.config, place.data / "demo"), place.settings()
    with ExitStack() as ending:
        for one in (interruptible(), alone(place.data / LOCK)):
            ending.enter_context(one)
        sockets = listen(host, port)
        address = f"http://{demo.address.reachable(host)}:{sockets[0].getsockname()[1]}"
        slips, line = demo.printer.Place(place.data / "slips"), demo.scanner.Place(place.data)
        cameras = demo.camera.Place(plain)
        ending.enter_context(slips.running())  # first: which ports they found is configuration
        ending.enter_context(cameras.running())
        devices = {"scanners": line.settings(), "cameras": cameras.settings()}
        overlay = demo.office.overlay(plain, address, slips.port) | devices
        settings = place.settings(overlay)
        post = partial(_post_catalogue, place, settings=settings)
        demo.office.furnish(place.data / FILE, settings, Argon2(), system_clock(), post)
        ending.enter_context(line.running(demo.dossiers.samples(place.store().read(), settings, system_clock())))
        ending.enter_context(demo.devices.kept(place.data, overlay))
        panels = {"printer": slips.panel_url, "scanner": line.panel_url, "camera": cameras.panel_url}
        _, server = ending.enter_context(opened(place, settings, demo.office.door(plain, address) | panels, sockets))
        _say_where(address, panels)
        server.run()


@main.command()
@click.pass_obj
def check(place: Place) -> None:
    """Look at configuration, journal and every device; one line each. Exit 1 if one fails."""
    settings = place.settings(demo.devices.left(place.data))
    phrases, store = place.phrases(settings), place.store()
    voice = Voice(store, settings, phrases, place.data / "sounds", base=place.config)
    pictures = Pictures()
    watched, kept = settings.dossiers.imports.watch, settings.footage
    running, seen = partial(runs, place.data / LOCK), troubles.standing(store.read())
    tests: list[Test] = [
        ("configuration", lambda: f"{len(settings.services)} services, {len(settings.counters)} counters"),
        ("clock", lambda: clock_line(settings, system_clock(), journal.latest(store.read()))),
        ("hours", lambda: hours_line(settings)),
        ("holidays", lambda: holidays_line(settings, local(system_clock(), settings.office.zone).date())),
        ("journal", lambda: f"{journal.verify(store.read())} events, chain whole"),
        ("printer", partial(printer.check, settings.printer)),
        ("voice", voice.check),
        *((f"scanner {one.name}", partial(_scanner_line, place, one)) for one in settings.scanners),
        *([] if settings.scanners else [("scanner", lambda: "off (no [[scanner]] in devices.toml)")]),
        *(
            (f"camera {one.name}", partial(camera_line, one, running, settings.office.zone, seen.get(one.name)))
            for one in settings.cameras
            if not one.retired
        ),
        *([("disk", partial(disk.check, place.data / kept.folder, kept))] if settings.cameras else []),
        *([] if settings.cameras else [("camera", lambda: "off (no [[camera]] in devices.toml)")]),
        ("pictures", pictures.check),
        ("forms", forms.check),
        ("import folder", partial(folder.check, place.data / watched) if watched else lambda: "off (imports.watch)"),
    ]
    failed = told(tests, (OfficeError, VoiceFault, PrinterFault, ScannerFault, CameraFault))
    voice.close()
    pictures.close()
    sys.exit(1 if failed else 0)


@contextmanager
def opened(
    place: Place, settings: Settings, door: dict[str, Any], sockets: list[socket.socket]
) -> Iterator[tuple[Hall, Server]]:
    """The office with its followers running, and its HTTP server; all ended and joined on the way out."""
    watched = settings.dossiers.imports.watch
    if watched:
        apart = (place.data, place.config, place.data / FILE)
        folder.stand_apart(place.data / watched, f"{place.config / 'dossiers.toml'}: imports.watch", apart)
    phrases, store = place.phrases(settings), place.store()
    _post_catalogue(place, store, settings)
    stop = threading.Event()
    with ExitStack() as ending:
        hall = Hall(settings=settings, phrases=phrases, store=store, pulse=Pulse(store, settings), demo=door)
        voice = Voice(store, settings, phrases, place.data / "sounds", base=place.config)
        printing = _printer(ending, store, settings, phrases)
        hall.devices |= {"file": store.state, "printer": printing, "voice": voice.state}
        hall.clip = lambda name: _found(lambda: voice.clip(name))
        hall.spoken = lambda screen, language: _found(lambda: voice.clip(voice.help(language, screen).name))
        hall.spoken_number = lambda no, language: _found(lambda: voice.clip(voice.help_number(language, no).name))
        press = Press(store, settings, phrases)
        hall.pdf, hall.ledger = press.pdf, press.ledger
        for name, work in (("pulse", hall.pulse.run), ("watch", store.watch_others)):
            _thread(ending, stop, name, partial(work, stop))
        _thread(ending, stop, "ticker", lambda: tick(hall, stop))
        voice.start()
        ending.callback(voice.close)
        _readers(ending, hall)
        _cameras(ending, hall, place)
        _imports(ending, stop, hall, place)
        ending.callback(stop.set)
        yield hall, _serving(hall, sockets)


def _serving(hall: Hall, sockets: list[socket.socket]) -> Server:
    """The HTTP server; SIGTERM and Ctrl-C end it cleanly from now on."""
    at_desk = staff.pages.create(hall), staff.forms.create(hall)
    faces = (kiosk.pages.create(hall), display.board.pages.create(hall), *at_desk)
    server = Server(hall, create_app(hall, faces), sockets)
    # What was made to start stays to the end: the collector need not look at it with every hundredth request.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    return server


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and Ctrl-C unwind what was begun, also while the office is still starting."""
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):
        yield


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _thread(ending: ExitStack, stop: threading.Event, name: str, work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    ending.callback(thread.join, 5)
    ending.callback(stop.set)


def _imports(ending: ExitStack, stop: threading.Event, hall: Hall, place: Place) -> None:
    """Let files of dossiers be sent, and watch the folder they are dropped into if there is one."""
    shutil.rmtree(place.data / INCOMING, ignore_errors=True)  # half sent when the power failed
    child = [sys.executable, "-m", "ledger", "--config", str(place.config.resolve())]
    importer = Importer([*child, "--file", str((place.data / FILE).resolve())], HERE, hall.stopping)
    hall.import_dossiers = lambda path, actor, confirmed: importer.run(Wanted(path.resolve(), actor, confirmed))
    hall.importing = importer.progress
    wanted = hall.settings.dossiers.imports
    if wanted.watch:
        exports = folder.Folder(
            place.data / wanted.watch,
            lambda path: importer.run(Wanted(path.resolve(), SYSTEM, wanted.confirmed), wait_s=-1),
            partial(explained, hall.phrases, hall.phrases.default),
            settle_s=wanted.settle_s,
            keep_days=wanted.keep_days,
        )
        hall.devices["import folder"] = exports.state
        _thread(ending, stop, "imports", partial(exports.run, stop))
    ending.callback(importer.close)


def _printer(ending: ExitStack, store: Store, settings: Settings, phrases: Phrases) -> Health:
    """Start the spooler, unless the office prints no slips; how it is."""
    if settings.printer.driver == "none":
        return lambda: {"state": "off", "reason": None, "driver": "none"}
    spooler = Spooler(store, settings, phrases)
    spooler.start()
    ending.callback(spooler.stop)

    def state() -> dict[str, Any]:
        how = asdict(spooler.status())
        return {"state": "trouble" if how["fault"] else "ok", "reason": how["fault"], **how}

    return state


def _readers(ending: ExitStack, hall: Hall) -> None:
    """Start the readers at the server, and have pictures read when one comes."""
    pictures = Pictures()
    ending.callback(pictures.close)
    hall.read_picture = pictures.read
    scanners = Scanners(hall.settings.scanners, Arrivals(hall.store, hall.settings, hall.inbox))
    for reading in scanners.readings:
        hall.devices[f"scanner {reading.settings.name}"] = partial(health, reading)
    scanners.start()
    ending.callback(scanners.stop)


def _scanner_line(place: Place, one: ScannerSettings) -> str:
    """One line on a reader; raises ScannerFault when it does not work. A running server holds its own readers."""
    try:
        scanner.look(one)
    except ScannerFault as fault:
        if fault.kind is not FaultKind.BUSY or not runs(place.data / LOCK):
            raise
        return f"{one.driver}, in use by the running server"
    return f"{one.driver}, for {one.screen or f'counter {one.counter}'}"


def _cameras(ending: ExitStack, hall: Hall, place: Place) -> None:
    """Start to record what is recorded here, and to keep it no longer than people are told, cameras or none by now."""
    footage = place.data / hall.settings.footage.folder
    cameras = Cameras(hall.store, hall.settings, footage)
    hall.devices |= cameras.health()
    cameras.start(after_s=1.0, apart_s=0.3)
    ending.callback(cameras.stop)
    if hall.settings.cameras or footage.is_dir():
        keeper = Keeper(hall.store, hall.settings, place.data, reconciled=lambda: cameras.reconciled)
        hall.devices["disk"] = keeper.health
        keeper.start()
        ending.callback(keeper.stop)
    if hall.settings.cameras:
        _eyes(ending, hall, place)
        _footage(ending, hall, place, cameras)


def _eyes(ending: ExitStack, hall: Hall, place: Place) -> None:
    """Have a picture of each camera looked at, now and then."""
    eyes = Eyes(hall.store, hall.settings, place.data)
    hall.devices |= eyes.health()
    eyes.start()
    ending.callback(eyes.stop)


def _footage(ending: ExitStack, hall: Hall, place: Place, cameras: Cameras) -> None:
    """Show what cameras saw."""
    folder = place.data / hall.settings.footage.folder
    gallery = Gallery(hall.store, hall.settings, folder, place.data, cameras.offset_ms)
    words = Words(hall.phrases, hall.settings.office.zone)
    draw = partial(drawn, words=words)
    exports = Evidence(hall.store, hall.settings, hall.phrases, gallery, place.data / EXPORTS, draw)
    shown = gallery.cover, gallery.clip, gallery.picture
    hall.footage = Footage(*shown, exports.making, exports.find, partial(alarm_picture, place.data))
    hall.devices |= gallery.health(hall.devices)
    gallery.start()
    ending.callback(gallery.close)
    ending.callback(exports.close)


def _found(find: Callable[[], Path]) -> Path | None:
    try:
        return find()
    except (NotFound, VoiceFault):
        return None


def _post_catalogue(place: Place, store: Store, settings: Settings) -> None:
    """A new office posts the project's own catalogue; an imported one is left alone."""
    own = place.config / "procedures.jsonl"
    if own.is_file() and procedures.edition(store.read()) is None:
        with own.open("rb") as lines, store.act() as act:
            procedures.import_lines(act, settings, lines, actor=SYSTEM)


def _say_where(address: str, panels: dict[str, str]) -> None:
    click.echo(f"Door     {address}/")
    click.echo(f"Kiosk    {address}/kiosk")
    click.echo(f"Board    {address}/board")
    click.echo(f"Staff    {address}/staff   (sign-ins below)")
    click.echo(f"Printer  {panels['printer']}   (simulated: its slips as pictures)")
    click.echo(f"Scanner  {panels['scanner']}   (simulated: sample receipts to scan)")
    click.echo(f"Cameras  {panels['camera']}   (simulated: two counters and the hall)")
    for name, role in demo.office.ACCOUNTS:
        click.echo(f"Sign-in  {name} / {demo.office.PASSWORD}   ({role.value})")
    click.echo("Ctrl-C ends it.")
    sys.stdout.flush()


def run() -> None:
    """Run the command line; errors the office knows are one polite line and exit 2 (configuration) or 1."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue for a moment is no news
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a Windows console may not be UTF-8
    try:
        main()
    except ConfigurationError as fault:
        click.echo(f"{fault}", err=True)
        sys.exit(2)
    except OfficeError as fault:
        click.echo(f"{fault}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
