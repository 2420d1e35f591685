"""The server side of OpenRosa 1.0, for apps of others such as ODK Collect.

Written from the standard as the ODK documentation keeps it (docs.getodk.org: OpenRosa HTTP
request, form list, form submission, authentication). Basic authentication alone, over a secure
origin, with a device's own password.
"""
