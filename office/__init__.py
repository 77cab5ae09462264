"""The core: what a one-stop office is and does. No Flask, no device, no page; imports only downward."""
