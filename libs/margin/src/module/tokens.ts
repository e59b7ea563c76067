/** What the controller is given, by name. */
export const MARGIN_SERVICE = Symbol('MarginService');
export const RISK_FILES = Symbol('RiskFiles');
