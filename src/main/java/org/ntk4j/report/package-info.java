/**
 * What a run leaves behind: {@link org.ntk4j.report.RunFolder}, written beside the others and renamed at the end, with its
 * {@link org.ntk4j.report.Manifest}, its {@link org.ntk4j.report.RunLog} and its {@link org.ntk4j.files.Table tables}.
 */
package org.ntk4j.report;
