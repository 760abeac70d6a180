package dev.gatehouse.api.device;

/**
 * A value of equipment.
 *
 * @param id such as {@code cpu.temperature}; becomes a member of the shadow
 * @param unit UCUM code such as {@code Cel}, {@code %}, {@code By}; empty for none
 */
public record Point(String id, String description, String unit, boolean writable) {}
