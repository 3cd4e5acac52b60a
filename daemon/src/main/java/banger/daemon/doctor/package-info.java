/** Diagnosis: what the host has and lacks, and what banger left behind. Reads only. */
@NullMarked
package banger.daemon.doctor;

import org.jspecify.annotations.NullMarked;
