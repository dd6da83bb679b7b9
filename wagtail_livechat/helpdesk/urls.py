"""Mounted by the core beside its own addresses (``livechat_urls`` of the AppConfig): ``wagtail_livechat:help:…``."""

from django.urls import path

from . import feedback_views, views

app_name = "help"

urlpatterns = [
    path("help/", views.index, name="index"),
    path("help/search/", views.search, name="search"),
    path("help/faq/<int:pk>/", views.faq, name="faq"),
    path("help/article/<int:pk>/", views.article, name="article"),
    path("help/looked/", views.looked, name="looked"),
    path("help/feedback/", feedback_views.vote, name="feedback"),
    path("help/feedback/form/", feedback_views.form, name="feedback_form"),
]
