"""What shops call their columns, in English and Spanish. All words folded: lower case, no accents."""

from collections.abc import Mapping

FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "reference": (
        "order", "order no", "order number", "order id", "order ref", "order reference", "invoice", "invoice no",
        "invoice number", "reference", "document no", "pedido", "numero pedido", "numero de pedido", "n pedido",
        "no pedido", "num pedido", "id pedido", "referencia pedido", "factura", "numero factura", "n factura",
        "numero de factura", "referencia", "orden", "numero de orden",
    ),
    "sku": (
        "sku", "item sku", "product sku", "lineitem sku", "line sku", "stock code", "product code", "item code",
        "item no", "item number", "article", "article no", "article number", "part number", "product id", "item id",
        "gtin", "ean", "upc", "barcode", "codigo", "codigo articulo", "codigo producto", "cod articulo", "articulo",
        "referencia articulo", "referencia producto", "ref articulo", "codigo de barras",
    ),
    "title": (
        "title", "description", "product", "product name", "product title", "item", "item name", "item title",
        "lineitem name", "item description", "descripcion", "producto", "nombre producto", "nombre del producto",
        "nombre articulo", "concepto", "denominacion",
    ),
    "quantity": (
        "quantity", "qty", "units", "pieces", "pcs", "quantity ordered", "qty ordered", "lineitem quantity",
        "item quantity", "item qty", "cantidad", "cant", "uds", "unidades", "piezas",
    ),
    "unit_price": (
        "unit price", "price", "price each", "item price", "lineitem price", "price per unit", "product price",
        "precio", "precio unitario", "precio unidad", "precio por unidad", "pvp", "p unitario",
    ),
    "line_amount": (
        "line total", "line amount", "item total", "row total", "net amount", "amount", "extended price",
        "importe linea", "total linea", "importe", "total articulo",
    ),
    "line_discount": ("line discount", "item discount", "lineitem discount", "descuento linea", "dto linea"),
    "line_tax": ("line tax", "item tax", "line vat", "iva linea", "impuesto linea"),
    "line_reference": ("line no", "line number", "line id", "line reference", "linea", "numero linea", "n linea"),
    "line_note": ("line note", "item note", "nota linea", "observaciones linea"),
    "line_gift_note": ("line gift note", "item gift message"),
    "channel": ("channel", "sales channel", "source", "marketplace", "canal", "canal de venta", "origen"),
    "placed_at": (
        "placed at", "date", "order date", "invoice date", "created at", "created", "purchase date", "ordered at",
        "order time", "date time", "timestamp", "date created", "fecha", "fecha pedido", "fecha de pedido",
        "fecha factura", "fecha y hora", "fecha compra", "fecha creacion",
    ),
    "placed_time": ("time", "hour", "hora", "hora pedido"),
    "currency": ("currency", "currency code", "moneda", "divisa"),
    "order_state": (
        "order status", "status", "order state", "state of order", "fulfillment status", "estado pedido",
        "estado del pedido", "estado",
    ),
    "service": ("service", "shipping method", "delivery method", "shipping service", "metodo de envio",
                "metodo envio", "tipo de envio", "transporte"),
    "purchase_order": ("purchase order", "po number", "po", "customer reference", "your reference",
                       "pedido cliente", "referencia cliente", "su referencia"),
    "gift_note": ("gift note", "gift message", "mensaje regalo", "nota regalo"),
    "customer_id": ("customer id", "customer no", "customer number", "customer code", "client id", "account no",
                    "account number", "id cliente", "codigo cliente", "numero cliente", "n cliente"),
    "customer_email": ("email", "e mail", "customer email", "mail", "contact email", "billing email",
                       "correo", "correo electronico", "email cliente"),
    "customer_name": ("customer", "customer name", "buyer", "buyer name", "client", "client name", "cliente", "name",
                      "full name", "nombre", "nombre cliente", "nombre del cliente", "comprador",
                      "nombre y apellidos"),
    "customer_phone": ("phone", "telephone", "customer phone", "mobile", "tel", "telefono", "movil",
                       "telefono cliente"),
    "shipping_price": ("shipping", "shipping price", "shipping cost", "shipping charge", "postage", "freight",
                       "delivery charge", "delivery cost", "order shipping", "carriage", "gastos de envio",
                       "gastos envio", "portes", "coste envio", "precio envio", "envio"),
    "shipping_tax": ("shipping tax", "shipping vat", "iva envio", "iva portes"),
    "order_discount": ("discount", "order discount", "discount amount", "discount total", "cart discount",
                       "descuento", "importe descuento", "dto"),
    "discount_code": ("discount code", "coupon", "coupon code", "voucher code", "promo code", "cupon",
                      "codigo descuento", "codigo promocional"),
    "order_tax": ("tax", "taxes", "vat", "order tax", "tax total", "total tax", "iva", "impuestos",
                  "total impuestos", "cuota iva"),
    "total": ("total", "order total", "grand total", "invoice total", "total amount", "total pedido",
              "importe total", "total factura", "total a pagar"),
    "payment_state": ("payment status", "payment state", "financial status", "paid", "estado pago",
                      "estado del pago", "pagado"),
    "payment_gateway": ("payment method", "payment gateway", "payment type", "forma de pago", "metodo de pago",
                        "forma pago"),
    "payment_reference": ("payment reference", "payment id", "transaction id", "transaction", "referencia pago",
                          "id transaccion"),
    "payment_amount": ("amount paid", "paid amount", "payment amount", "importe pagado"),
}  # fmt: skip
"""What each field may be called."""

WHO = ("customer", "client", "cliente")
"""Names under which some write customers' names, some their numbers: the values tell."""

ADDRESS_PARTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "recipient", "contact", "nombre", "destinatario", "nombre y apellidos"),
    "company": ("company", "company name", "empresa", "razon social", "compania"),
    "line_1": ("address", "address 1", "address1", "address line 1", "street", "street address", "line 1",
               "direccion", "direccion 1", "calle", "domicilio"),
    "line_2": ("address 2", "address2", "address line 2", "line 2", "direccion 2", "piso", "apartment"),
    "line_3": ("address 3", "address3", "address line 3", "line 3", "direccion 3"),
    "city": ("city", "town", "locality", "ciudad", "poblacion", "localidad", "municipio"),
    "region": ("region", "state", "province", "county", "state province", "provincia", "comunidad"),
    "postal_code": ("postal code", "postcode", "post code", "zip", "zip code", "codigo postal", "cp", "c p"),
    "country": ("country", "country code", "country name", "pais", "codigo pais"),
    "phone": ("phone", "telephone", "telefono", "movil"),
}  # fmt: skip
"""Parts of an address; alone they tell where to ship, behind one of `ROLES` whose address it is."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "ship": ("ship", "shipping", "ship to", "delivery", "deliver to", "envio", "entrega", "de envio", "de entrega"),
    "bill": ("bill", "billing", "bill to", "invoice", "invoicing", "facturacion", "de facturacion", "factura"),
}  # fmt: skip
