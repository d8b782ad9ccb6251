"""Mail: letters to clients and staff, stored before they are sent, each kind a pair of templates in `letters/`.

To add a letter: `letters/<kind>.html` and `letters/<kind>.txt`, whose first line is the subject, and a row in `KINDS`.
"""
