/** What the tests of Transvase and of its plugins stand on: real PostgreSQL servers and a network that fails when told to. */
package dev.transvase.testing;
