/**
 * Standard error and Ctrl-C: progress on one line of the terminal ({@link org.ntk4j.console.ConsoleMonitor}).
 */
package org.ntk4j.console;
