"""The application for a WSGI server, such as: gunicorn wsgi:application"""

from digest.app import create_app

application = create_app()
