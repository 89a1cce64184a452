/** What a study found: plain values of each cell, what they say together, and the tables and sentences in which it is told. */
package org.ntk4j.study.finding;
