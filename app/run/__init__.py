"""Everything on one machine: the supervisor behind `make run`, which starts the processes of the Procfile.

Without `META_APP_ID` it also starts a stand-in for Meta and makes the keys and the sign-in that a first look needs.
"""
