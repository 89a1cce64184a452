/**
 * The ground that everything stands on: {@link org.ntk4j.base.Failure}, which carries the message and the exit status,
 * {@link org.ntk4j.base.Monitor} for progress and Ctrl-C, the {@link org.ntk4j.base.Settings} of the process, and the machine.
 */
package org.ntk4j.base;
