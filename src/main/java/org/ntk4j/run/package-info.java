/**
 * The command line: {@link org.ntk4j.run.Main} reads it, one file a verb carries it out, and
 * {@link org.ntk4j.console.ConsoleMonitor} shows progress and hears Ctrl-C. Results go to standard output, messages and progress
 * to standard error.
 */
package org.ntk4j.run;
