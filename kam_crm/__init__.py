"""The wiring: settings, addresses, workers and the services that run beside them."""
