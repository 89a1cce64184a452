/**
 * What is written in a definition beside data, network and training: how each is read, what it is by default, and how it is written back.
 */
package org.ntk4j.study.option;
