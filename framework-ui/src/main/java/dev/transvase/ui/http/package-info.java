/** Requests and answers: endpoints that describe themselves, JSON from records, errors, files that pages load, event streams. */
package dev.transvase.ui.http;
