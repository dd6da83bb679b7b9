def texts():
    return {}
