"""Reading what others kept in sheets: CSV and XLSX, a row at a time, with what is wrong in words.

It knows no subject. An app says which fields one of its subjects has and how each is read, by the
checks of its own forms (``SheetSubject``); this says where a sheet has them and what cannot be
read, by row and column. No problem repeats what stands in a cell.
"""
