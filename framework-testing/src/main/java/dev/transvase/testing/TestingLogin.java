package dev.transvase.testing;

/** A role that may log in, and nothing more. */
public record TestingLogin(String user, String password) {}
