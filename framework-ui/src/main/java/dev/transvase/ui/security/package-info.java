/** Who may ask: the guard before all requests, sessions, token and password, failed logins, TLS. */
package dev.transvase.ui.security;
