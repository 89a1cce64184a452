/**
 * Files and their formats: NumPy arrays ({@link org.ntk4j.files.Npy}, {@link org.ntk4j.files.NpyMatrix}), tables as CSV and as
 * text ({@link org.ntk4j.files.Table}), files that are replaced as a whole, and locks of folders.
 */
package org.ntk4j.files;
