"""Specs: what is to be made, written as files; templates, imports and drafts of them.

`model` has the frozen values, `document` the shape of a file, `reading` turns bytes into specs and findings, `loading`
finds the files of a project.
"""
