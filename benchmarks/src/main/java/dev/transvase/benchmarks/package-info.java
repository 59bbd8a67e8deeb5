/**
 * JMH benchmarks of the ways that rows take, and measures of changes in real time beside other tools, on real servers. {@link
 * dev.transvase.benchmarks.Benchmarks} runs them.
 */
package dev.transvase.benchmarks;
