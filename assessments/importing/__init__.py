"""Ratings that come from elsewhere: read, checked by cell, written whole, undone whole.

`reading` is pure and safe for bytes of anybody; `checking` compares with what is there;
`writing` goes through the same functions as entry by hand.
"""
