"""What the app brings to the shell."""

from marfa.apps.manifest import Module

MODULE = Module(name="tours", urls=((None, "marfa.apps.tours.urls"),))
