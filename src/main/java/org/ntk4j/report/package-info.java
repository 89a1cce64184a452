/** What a study says in the end: measures between functions, tables and files. */
package org.ntk4j.report;
