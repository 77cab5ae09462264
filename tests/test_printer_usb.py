"""The USB driver against a simulated printer behind pyusb: everything real above the bus itself."""

import array
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import usb.backend
import usb.core

from office.sections import PrinterSettings
from printer import FaultKind, PrinterFault
from printer.sheet import Raster, Sheet
from printer.simulator import Simulator
from printer.thermal import Usb
from tools.strips import dots

BITS = (b"\x00" + b"\xa5" * 70 + b"\x00") * 200
SHEET = Sheet((Raster(576, 200, BITS),))
DOTS = dots(SHEET)


class UsbWire(usb.backend.IBackend):  # type: ignore[misc]  # pyusb ships no types
    """A USB bus with one printer on it, below pyusb: its end points are joined to a simulated printer."""

    def __init__(self) -> None:
        super().__init__()
        self.host, self._printer = socket.socketpair()
        self.plugged = True

    @property
    def line(self) -> socket.socket:
        return self._printer

    def enumerate_devices(self) -> Iterator[str]:
        return iter(["printer"] if self.plugged else [])

    def get_device_descriptor(self, dev: Any) -> Any:
        fields = "bLength bDescriptorType bcdUSB bDeviceClass bDeviceSubClass bDeviceProtocol bMaxPacketSize0"
        rest = "bcdDevice iManufacturer iProduct iSerialNumber bNumConfigurations address bus port_number speed"
        return SimpleNamespace(
            **dict.fromkeys(f"{fields} {rest}".split(), 1), idVendor=0x04B8, idProduct=0x0202, port_numbers=(1,)
        )

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        names = "bLength bDescriptorType wTotalLength bNumInterfaces bConfigurationValue iConfiguration"
        told = SimpleNamespace(**dict.fromkeys(names.split(), 1), bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[])
        if config:
            raise IndexError
        return told

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        names = "bLength bDescriptorType bInterfaceSubClass bInterfaceProtocol iInterface"
        return SimpleNamespace(
            **dict.fromkeys(names.split(), 1), bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=7, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(0x03, 0x84)[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> Any:
        return dev

    def close_device(self, dev_handle: Any) -> None: ...

    def set_configuration(self, dev_handle: Any, config_value: int) -> None: ...

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def claim_interface(self, dev_handle: Any, intf: int) -> None: ...

    def release_interface(self, dev_handle: Any, intf: int) -> None: ...

    def reset_device(self, dev_handle: Any) -> None: ...

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert ep == 0x03
        self.host.settimeout(timeout / 1000)
        self.host.sendall(data.tobytes())
        return len(data)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert ep == 0x84
        self.host.settimeout(timeout / 1000)
        try:
            data = self.host.recv(len(buff))
        except TimeoutError as fault:
            raise usb.core.USBTimeoutError("Operation timed out", errno=110) from fault
        buff[: len(data)] = array.array("B", data)
        return len(data)


def test_usb_printer_with_end_points_of_its_own() -> None:
    bus = UsbWire()

    class UsbHere(Usb):
        found_by: ClassVar[dict[str, Any]] = {"backend": bus}

    chosen = PrinterSettings(driver="usb", timeout_s=1)
    with Simulator(port=None) as printer, bus.host:
        printer.attach(bus.line)
        driver = UsbHere(chosen)
        assert driver.status().fault is None
        driver.send(SHEET)
        assert driver.settled(5)
        driver.close()
        (strip,) = printer.wait_for(1)
        assert strip.picture.tobytes() == DOTS
        printer.turn(mute=True)
        with pytest.raises(PrinterFault) as told:
            UsbHere(chosen).status()
        assert told.value.kind is FaultKind.TIMEOUT
        bus.plugged = False
        with pytest.raises(PrinterFault) as told:
            UsbHere(chosen)
        assert told.value.kind is FaultKind.OFFLINE
