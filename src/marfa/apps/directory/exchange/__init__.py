"""The directory in files: CSV, XLSX, CSV with HXL tags, and HSDS 3 of Open Referral.

What is written is read again without loss. A file never counts as a call.
"""
