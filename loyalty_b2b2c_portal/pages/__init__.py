"""What the pages show, in a participant's words.

Each page is a plain class that is given the memberships of the logged-in person and
returns texts, numbers and lists; it stores nothing and decides nothing. Controllers
make it, templates print it. Its records come with the superuser rights of
``b2b2c.member._get_portal_members``, so a page reads only what belongs to its members.
"""
