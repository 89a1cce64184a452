/**
 * Scripts and the shell, on the JShell API: {@link org.ntk4j.shell.StatementReader} cuts text into statements,
 * {@link org.ntk4j.shell.Session} compiles and runs them in this process, {@link org.ntk4j.shell.ScriptRunner} runs a
 * file and stops at the first error, {@link org.ntk4j.shell.Repl} talks with the user.
 */
package org.ntk4j.shell;
